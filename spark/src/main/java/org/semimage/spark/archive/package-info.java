// SPDX-License-Identifier: Apache-2.0
/** Transcodes a folder's pictures to SEM files: once each, verified, and bad ones set apart. */
package org.semimage.spark.archive;
