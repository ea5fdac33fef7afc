/** The JSON forms of the vocabulary, shared by the HTTP front end and its remote client. */
@NullMarked
package dev.finch.wire;

import org.jspecify.annotations.NullMarked;
