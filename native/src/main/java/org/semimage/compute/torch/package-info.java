/** The coefficient network on libtorch. */
package org.semimage.compute.torch;
