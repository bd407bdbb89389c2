// SPDX-License-Identifier: Apache-2.0
/** What all computing shares: requests to stop, reports of progress, work on many things at once. */
package org.semimage.compute;
