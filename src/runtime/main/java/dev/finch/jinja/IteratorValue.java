package dev.finch.jinja;

import java.util.Iterator;

/**
 * Something that can be gone through once, as {@code map} gives it.
 *
 * @param type Python's name of it
 */
record IteratorValue(String type, Iterator<Object> items) {}
