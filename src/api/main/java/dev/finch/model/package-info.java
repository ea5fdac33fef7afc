/** What a model is: how it is named, where it comes from, what state it is in. */
@NullMarked
package dev.finch.model;

import org.jspecify.annotations.NullMarked;
