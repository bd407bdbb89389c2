// SPDX-License-Identifier: Apache-2.0
/** The command line. It reads and writes pictures through ImageIO alone. */
package org.semimage.cli;
