// SPDX-License-Identifier: Apache-2.0
/** Files of Hadoop's file systems: read as ImageIO reads, and written in one step. */
package org.semimage.spark.io;
