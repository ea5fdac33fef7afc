/** Claude as a provider of answers: Anthropic's Messages API over Pekko HTTP. */
@NullMarked
package dev.finch.claude;

import org.jspecify.annotations.NullMarked;
