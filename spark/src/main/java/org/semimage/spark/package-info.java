// SPDX-License-Identifier: Apache-2.0
/** Archives of pictures on Apache Spark (SPARK.md): the command that {@code spark-submit} runs. */
package org.semimage.spark;
