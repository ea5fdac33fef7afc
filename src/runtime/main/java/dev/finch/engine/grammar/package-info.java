/** Grammars that constrain what a model may say: GBNF, and its derivation from JSON schemas. */
@NullMarked
package dev.finch.engine.grammar;

import org.jspecify.annotations.NullMarked;
