/** The lossless profile: predicted samples under adaptive tables (FORMAT.md, "Lossless payload"). */
package org.semimage.profile.lossless;
