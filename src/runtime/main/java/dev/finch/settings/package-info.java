/**
 * How a room reads its part of the configuration: typed, range-checked, with the key in each error.
 */
@NullMarked
package dev.finch.settings;

import org.jspecify.annotations.NullMarked;
