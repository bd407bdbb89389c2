// SPDX-License-Identifier: Apache-2.0
/** The command {@code sem serve}. */
package org.semimage.serve.cli;
