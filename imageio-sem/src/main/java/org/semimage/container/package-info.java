// SPDX-License-Identifier: Apache-2.0
/** The container: how a picture's header and chunks lie in a stream. Knows no pixels. */
package org.semimage.container;
