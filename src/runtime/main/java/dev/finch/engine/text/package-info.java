/** Text on both sides of the model: conversations into prompts, tokens into answers. */
@NullMarked
package dev.finch.engine.text;

import org.jspecify.annotations.NullMarked;
