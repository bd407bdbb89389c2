// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import java.util.concurrent.Callable;

/**
 * A command that a jar beside this one adds to the command line; found through {@link java.util.ServiceLoader}. It has picocli's
 * annotations.
 */
public interface Subcommand extends Callable<Integer> {
}
