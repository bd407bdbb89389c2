// SPDX-License-Identifier: Apache-2.0
/** Model packs: what is in them, where they are, and those that the process has loaded. */
package org.semimage.model;
