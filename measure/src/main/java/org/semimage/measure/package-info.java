// SPDX-License-Identifier: Apache-2.0
/** How near one picture is to another, as people see it: SSIMULACRA 2 and MS-SSIM. */
package org.semimage.measure;
