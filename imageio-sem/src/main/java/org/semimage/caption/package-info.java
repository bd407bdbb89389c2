// SPDX-License-Identifier: Apache-2.0
/** What a picture shows, in words, from small models that come with the library; and back from words to a layout. */
package org.semimage.caption;
