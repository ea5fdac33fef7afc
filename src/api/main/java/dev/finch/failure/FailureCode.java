package dev.finch.failure;

/** A stable name for one kind of failure; surfaces map it to exit codes and HTTP statuses. */
public enum FailureCode {
  /**
   * The request itself is wrong: a value out of range, a grammar or schema that cannot be kept, an
   * empty prompt. It fails again until it is changed.
   */
  BAD_REQUEST,

  /**
   * Who asks may not do this; with another key one may. Also a prompt for this machine only that
   * would have gone to another.
   */
  FORBIDDEN,

  /**
   * A key of the configuration is unknown or out of range; the message names it. Met when Finch
   * starts.
   */
  SETTINGS_INVALID,

  /**
   * No model has this name: neither the catalogue, nor the cache, nor a form of reference that
   * Finch knows.
   */
  UNKNOWN_MODEL,

  /**
   * The file is sound, but this llama.cpp or this machine cannot run it: its architecture, its
   * tokenizer, its format.
   */
  UNSUPPORTED_MODEL,

  /** The file is no GGUF, is damaged, or contradicts itself; it was not handed to llama.cpp. */
  MODEL_FILE_INVALID,

  /**
   * The model that was named does not fit into the memory that may be used; the message has the
   * numbers.
   */
  MODEL_TOO_LARGE,

  /** No model of the catalogue fits into the memory that may be used. */
  NONE_FITS,

  /**
   * The model's licence is not a free one, and nobody accepted it. See {@code
   * LoadRequest.Builder.acceptLicense}.
   */
  LICENSE_NOT_ACCEPTED,

  /** The model cannot be removed while it is loaded. */
  MODEL_IN_USE,

  /**
   * The Hub cannot be reached, or its connections break. A part that was fetched is kept; asking
   * again goes on from there.
   */
  HUB_UNREACHABLE,

  /** The Hub refuses the token. */
  HUB_UNAUTHORIZED,

  /** The repository's terms have to be accepted at the Hub first, by the owner of the token. */
  HUB_GATED,

  /** The Hub has no such repository, revision or file, or hides it from this token. */
  HUB_NOT_FOUND,

  /** The Hub asks to come back later; {@link Failure#retryAfter()} says when, where it said so. */
  HUB_RATE_LIMITED,

  /**
   * The Hub, or what stands before it, answered what the protocol does not know or what is beyond
   * all bounds.
   */
  HUB_PROTOCOL,

  /** What was fetched is not what the Hub announced. Nothing of it was kept. */
  CHECKSUM_MISMATCH,

  /**
   * The disk has not the room that the download or the ledger needs; the message has the numbers.
   */
  DISK_FULL,

  /** The directory of the models cannot be read or written. */
  CACHE_UNUSABLE,

  /**
   * Something would have to come from the network, and {@code finch.download.offline} forbids it.
   */
  OFFLINE,

  /**
   * llama.cpp cannot be used on this machine: its library is missing, or is not what is expected.
   */
  ENGINE_UNAVAILABLE,

  /** llama.cpp refused to load the model. */
  LOAD_FAILED,

  /**
   * llama.cpp failed in the middle of the work, or the thread that owns it ended. The model is
   * loaded again by itself.
   */
  ENGINE_FAILED,

  /**
   * The prompt is longer than the model holds; {@link Failure#overflow()} has the numbers where
   * they are known.
   */
  CONTEXT_OVERFLOW,

  /** All places are taken, and so is the waiting line. */
  BUSY,

  /** The model is being unloaded, or Finch is closing: nothing new is taken. */
  DRAINING,

  /**
   * The local model that has to answer is not loaded now, and the request may not wait for it or
   * bring it.
   */
  MODEL_NOT_READY,

  /**
   * Only Claude could answer, and {@code finch.cloud.enabled}, the policy or the privacy of the
   * prompt rules it out.
   */
  CLOUD_DISABLED,

  /** Only Claude could answer, and there is no key for it. */
  NO_API_KEY,

  /** Claude cannot be reached. Nothing of the answer had arrived. */
  CLAUDE_UNREACHABLE,

  /** Claude refuses the key. */
  CLAUDE_UNAUTHORIZED,

  /** The key may not use this model or this feature. */
  CLAUDE_FORBIDDEN,

  /** Claude refuses the request as wrong; the message has its words. */
  CLAUDE_REJECTED,

  /** The request has more bytes than Claude, or a gateway before it, takes; 32 MB at Anthropic. */
  CLAUDE_TOO_LARGE,

  /** Claude has no such model. */
  CLAUDE_NOT_FOUND,

  /** Claude asks to come back later; {@link Failure#retryAfter()} says when, where it said so. */
  CLAUDE_RATE_LIMITED,

  /** The account's own limit of a month at Anthropic is reached. */
  CLAUDE_SPEND_LIMIT,

  /**
   * The account has no credit left at Anthropic; it is asked again by and by, in case it was paid.
   */
  CLAUDE_OUT_OF_CREDIT,

  /** Claude has too much to do, or fails inside. */
  CLAUDE_OVERLOADED,

  /**
   * Claude, or a gateway before it, answered what the protocol does not know or what is beyond all
   * bounds.
   */
  CLAUDE_PROTOCOL,

  /** Claude's answer broke off. */
  CLAUDE_STREAM_CUT,

  /**
   * Claude failed several times in a row and is left alone for a while; the message says how long.
   */
  BREAKER_OPEN,

  /**
   * What {@code finch.cloud.budget} allows is used up, or this request's part of it would not be
   * covered.
   */
  BUDGET_SPENT,

  /** Neither the local model nor Claude can answer; the message lists the ways out. */
  NOTHING_CAN_ANSWER,

  /** Who was answering went away before the answer was complete. */
  PROVIDER_LOST,

  /** The reader of an answer took nothing for longer than a stalled reader may. */
  READER_STALLED,

  /**
   * The time that the request or the settings allow was over, or the model said nothing for too
   * long.
   */
  DEADLINE_EXCEEDED,

  /** Whoever asked cancelled it. */
  CANCELLED,

  /** A defect of Finch; the log has the cause. */
  INTERNAL
}
