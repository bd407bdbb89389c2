/** The contract of a profile, and what profiles share. */
package org.semimage.profile;
