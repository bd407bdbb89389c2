// SPDX-License-Identifier: Apache-2.0
/** What ancillary chunks mean: ICC, Exif, XMP, text and thumbnails (FORMAT.md, "Ancillary chunks"). Knows no pixels. */
package org.semimage.metadata;
