/**
 * Jinja2 for chat templates, as Hugging Face transformers sets it up: bounded, without Java
 * objects.
 */
@NullMarked
package dev.finch.jinja;

import org.jspecify.annotations.NullMarked;
