/** The command {@code sem packs}. */
package org.semimage.torch.cli;
