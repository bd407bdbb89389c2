// SPDX-License-Identifier: Apache-2.0
/** The ImageIO plug-in: translates between ImageIO's vocabulary and the container and profiles, and nothing else. */
package org.semimage.imageio;
