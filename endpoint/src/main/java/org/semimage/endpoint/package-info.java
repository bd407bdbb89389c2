// SPDX-License-Identifier: Apache-2.0
/** Captions and generated pictures from endpoints that speak OpenAI's protocol; off unless configured (ENDPOINTS.md). */
package org.semimage.endpoint;
