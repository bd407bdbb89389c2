// SPDX-License-Identifier: Apache-2.0
/** The contract of a profile, and what profiles share. */
package org.semimage.profile;
