/** What the operating system gives: directories, file locks, native libraries. */
@NullMarked
package dev.finch.platform;

import org.jspecify.annotations.NullMarked;
