/** Programs that measure time, memory and sizes; each prints a table. */
package org.semimage.conformance.bench;
