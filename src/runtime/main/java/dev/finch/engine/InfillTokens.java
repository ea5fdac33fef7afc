package dev.finch.engine;

/** The control tokens around what stands before, after and in the gap. */
public record InfillTokens(int prefix, int suffix, int middle) {}
