package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import dev.finch.model.ModelReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One prompt and all that was asked of its answer. Immutable; build it with {@link #builder()}. */
public final class GenerateRequest {

  private final String id;
  private final @Nullable ModelReference model;
  private final @Nullable String cloudModel;
  private final Prompt prompt;
  private final List<Tool> tools;
  private final ToolChoice toolChoice;
  private final Sampling sampling;
  private final ResponseFormat format;
  private final Map<String, Double> adapters;
  private final Privacy privacy;
  private final WhenNotReady whenNotReady;
  private final boolean demonstrationAllowed;
  private final @Nullable Duration deadline;
  private final @Nullable String conversationId;
  private final CloudOptions cloudOptions;

  private GenerateRequest(Builder builder) {
    this.id = builder.id;
    this.model = builder.model;
    this.cloudModel = builder.cloudModel;
    this.prompt = requireNonNull(builder.prompt, "prompt");
    this.tools = List.copyOf(builder.tools);
    this.toolChoice = builder.toolChoice;
    this.sampling = builder.sampling;
    this.format = builder.format;
    this.adapters = Map.copyOf(builder.adapters);
    this.privacy = builder.privacy;
    this.whenNotReady = builder.whenNotReady;
    this.demonstrationAllowed = builder.demonstrationAllowed;
    this.deadline = builder.deadline;
    this.conversationId = builder.conversationId;
    this.cloudOptions = builder.cloudOptions;
  }

  /** A builder with every default. */
  public static Builder builder() {
    return new Builder();
  }

  /** A request for one user message with every default. */
  public static GenerateRequest of(String userMessage) {
    return builder().user(userMessage).build();
  }

  /** Whether its conversation shows an image. */
  public boolean showsImages() {
    return prompt instanceof Prompt.Conversation conversation
        && conversation.messages().stream().anyMatch(message -> !message.images().isEmpty());
  }

  /**
   * The strictest of the request's own privacy and that of every message: a private turn's history
   * never leaves later. {@code LOCAL_ONLY} wins over {@code CLOUD_ONLY}.
   */
  public Privacy effectivePrivacy() {
    Privacy strictest = privacy;
    if (prompt instanceof Prompt.Conversation conversation) {
      for (ChatMessage message : conversation.messages()) {
        if (message.privacy() == Privacy.LOCAL_ONLY) {
          strictest = Privacy.LOCAL_ONLY;
        }
      }
    }
    return strictest;
  }

  /** A builder that starts from these values, the id included. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.id = id;
    builder.model = model;
    builder.cloudModel = cloudModel;
    builder.prompt = prompt;
    builder.tools = tools;
    builder.toolChoice = toolChoice;
    builder.sampling = sampling;
    builder.format = format;
    builder.adapters = adapters;
    builder.privacy = privacy;
    builder.whenNotReady = whenNotReady;
    builder.demonstrationAllowed = demonstrationAllowed;
    builder.deadline = deadline;
    builder.conversationId = conversationId;
    builder.cloudOptions = cloudOptions;
    return builder;
  }

  /** Names the request in logs, metrics and the ledger; unique. */
  public String id() {
    return id;
  }

  /**
   * The local model that must answer, or null for the one that serves; nobody else answers a
   * request that names one, which waits while that model is on its way whatever {@code
   * whenNotReady} says.
   */
  public @Nullable ModelReference model() {
    return model;
  }

  /** The Claude model to use if Claude answers, or null for the configured one. */
  public @Nullable String cloudModel() {
    return cloudModel;
  }

  /** A conversation or raw text. */
  public Prompt prompt() {
    return prompt;
  }

  /** What the model may ask to be called. */
  public List<Tool> tools() {
    return tools;
  }

  /** Whether it may, must or must not call tools. */
  public ToolChoice toolChoice() {
    return toolChoice;
  }

  /** How tokens are chosen. */
  public Sampling sampling() {
    return sampling;
  }

  /** The form that the answer must have. */
  public ResponseFormat format() {
    return format;
  }

  /** LoRA adapters by name with their scales; empty takes the configured ones. */
  public Map<String, Double> adapters() {
    return adapters;
  }

  /** Where the prompt may go; see {@link #effectivePrivacy()}. */
  public Privacy privacy() {
    return privacy;
  }

  /** What to do while the local model is not Ready. */
  public WhenNotReady whenNotReady() {
    return whenNotReady;
  }

  /**
   * Whether the built-in demonstration model may answer where nothing else can, without having been
   * named.
   */
  public boolean demonstrationAllowed() {
    return demonstrationAllowed;
  }

  /** How long the whole answer may take from submission, or null for no bound. */
  public @Nullable Duration deadline() {
    return deadline;
  }

  /** Groups the turns of one conversation so that its KV cache is found again, or null. */
  public @Nullable String conversationId() {
    return conversationId;
  }

  /** What is for Claude alone. */
  public CloudOptions cloudOptions() {
    return cloudOptions;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GenerateRequest that
        && id.equals(that.id)
        && Objects.equals(model, that.model)
        && Objects.equals(cloudModel, that.cloudModel)
        && prompt.equals(that.prompt)
        && tools.equals(that.tools)
        && toolChoice.equals(that.toolChoice)
        && sampling.equals(that.sampling)
        && format.equals(that.format)
        && adapters.equals(that.adapters)
        && privacy.equals(that.privacy)
        && whenNotReady.equals(that.whenNotReady)
        && demonstrationAllowed == that.demonstrationAllowed
        && Objects.equals(deadline, that.deadline)
        && Objects.equals(conversationId, that.conversationId)
        && cloudOptions.equals(that.cloudOptions);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        id,
        model,
        cloudModel,
        prompt,
        tools,
        toolChoice,
        sampling,
        format,
        adapters,
        privacy,
        whenNotReady,
        demonstrationAllowed,
        deadline,
        conversationId,
        cloudOptions);
  }

  @Override
  public String toString() {
    return "GenerateRequest[id="
        + id
        + ", model="
        + model
        + ", cloudModel="
        + cloudModel
        + ", prompt="
        + prompt
        + ", tools="
        + tools
        + ", toolChoice="
        + toolChoice
        + ", sampling="
        + sampling
        + ", format="
        + format
        + ", adapters="
        + adapters
        + ", privacy="
        + privacy
        + ", whenNotReady="
        + whenNotReady
        + ", demonstrationAllowed="
        + demonstrationAllowed
        + ", deadline="
        + deadline
        + ", conversationId="
        + conversationId
        + ", cloudOptions="
        + cloudOptions
        + "]";
  }

  /** Collects what differs from the defaults. Not thread-safe. */
  public static final class Builder {
    private String id = UniqueId.next();
    private @Nullable ModelReference model;
    private @Nullable String cloudModel;
    private @Nullable Prompt prompt;
    private List<Tool> tools = List.of();
    private ToolChoice toolChoice = ToolChoice.AUTO;
    private Sampling sampling = Sampling.DEFAULTS;
    private ResponseFormat format = ResponseFormat.TEXT;
    private Map<String, Double> adapters = Map.of();
    private Privacy privacy = Privacy.LOCAL_FIRST;
    private WhenNotReady whenNotReady = WhenNotReady.FORWARD;
    private boolean demonstrationAllowed;
    private @Nullable Duration deadline;
    private @Nullable String conversationId;
    private CloudOptions cloudOptions = CloudOptions.NONE;

    private Builder() {}

    /** Asks with one user message. */
    public Builder user(String content) {
      return messages(List.of(ChatMessage.user(content)));
    }

    /** Asks with a conversation of at least one message. */
    public Builder messages(List<ChatMessage> messages) {
      return prompt(new Prompt.Conversation(messages));
    }

    /** Names the request in logs, metrics and the ledger; unique. */
    public Builder id(String id) {
      this.id = requireNonNull(id, "id");
      return this;
    }

    /**
     * The local model that must answer, or null for the one that serves; nobody else answers a
     * request that names one, which waits while that model is on its way whatever {@code
     * whenNotReady} says.
     */
    public Builder model(@Nullable ModelReference model) {
      this.model = model;
      return this;
    }

    /** The Claude model to use if Claude answers, or null for the configured one. */
    public Builder cloudModel(@Nullable String cloudModel) {
      this.cloudModel = cloudModel;
      return this;
    }

    /** A conversation or raw text. */
    public Builder prompt(Prompt prompt) {
      this.prompt = requireNonNull(prompt, "prompt");
      return this;
    }

    /** What the model may ask to be called. */
    public Builder tools(List<Tool> tools) {
      this.tools = List.copyOf(requireNonNull(tools, "tools"));
      return this;
    }

    /** Whether it may, must or must not call tools. */
    public Builder toolChoice(ToolChoice toolChoice) {
      this.toolChoice = requireNonNull(toolChoice, "toolChoice");
      return this;
    }

    /** How tokens are chosen. */
    public Builder sampling(Sampling sampling) {
      this.sampling = requireNonNull(sampling, "sampling");
      return this;
    }

    /** The form that the answer must have. */
    public Builder format(ResponseFormat format) {
      this.format = requireNonNull(format, "format");
      return this;
    }

    /** LoRA adapters by name with their scales; empty takes the configured ones. */
    public Builder adapters(Map<String, Double> adapters) {
      this.adapters = Map.copyOf(requireNonNull(adapters, "adapters"));
      return this;
    }

    /** Where the prompt may go; see {@link #effectivePrivacy()}. */
    public Builder privacy(Privacy privacy) {
      this.privacy = requireNonNull(privacy, "privacy");
      return this;
    }

    /** What to do while the local model is not Ready. */
    public Builder whenNotReady(WhenNotReady whenNotReady) {
      this.whenNotReady = requireNonNull(whenNotReady, "whenNotReady");
      return this;
    }

    /**
     * Whether the built-in demonstration model may answer where nothing else can, without having
     * been named.
     */
    public Builder demonstrationAllowed(boolean demonstrationAllowed) {
      this.demonstrationAllowed = demonstrationAllowed;
      return this;
    }

    /** How long the whole answer may take from submission, or null for no bound. */
    public Builder deadline(@Nullable Duration deadline) {
      this.deadline = deadline;
      return this;
    }

    /** Groups the turns of one conversation so that its KV cache is found again, or null. */
    public Builder conversationId(@Nullable String conversationId) {
      this.conversationId = conversationId;
      return this;
    }

    /** What is for Claude alone. */
    public Builder cloudOptions(CloudOptions cloudOptions) {
      this.cloudOptions = requireNonNull(cloudOptions, "cloudOptions");
      return this;
    }

    /**
     * The request.
     *
     * @throws NullPointerException where neither a prompt nor messages were given
     */
    public GenerateRequest build() {
      return new GenerateRequest(this);
    }
  }
}
