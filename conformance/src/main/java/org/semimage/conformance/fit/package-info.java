/** Programs that fit tables of the format to photographs. */
package org.semimage.conformance.fit;
