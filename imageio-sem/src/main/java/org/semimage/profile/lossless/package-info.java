// SPDX-License-Identifier: Apache-2.0
/** The lossless profile: predicted samples under adaptive tables (FORMAT.md, "Lossless payload"). */
package org.semimage.profile.lossless;
