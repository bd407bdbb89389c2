// SPDX-License-Identifier: Apache-2.0
/** A server of the pictures of a folder, and of thumbnails that it makes of them (SERVER.md). */
package org.semimage.serve;
