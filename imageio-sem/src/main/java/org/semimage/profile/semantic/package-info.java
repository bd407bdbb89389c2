// SPDX-License-Identifier: Apache-2.0
/** The caption and descriptor profiles: what a picture shows and how it looks, and pictures made of that. */
package org.semimage.profile.semantic;
