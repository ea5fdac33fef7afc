/**
 * The HTTP front end: one class per dialect over the {@link dev.finch.Finch} interface, and the
 * page.
 */
@NullMarked
package dev.finch.http;

import org.jspecify.annotations.NullMarked;
