// SPDX-License-Identifier: Apache-2.0
/** SEM files as rows: the data source {@code sem} of Spark SQL. */
package org.semimage.spark.source;
