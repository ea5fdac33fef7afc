package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import dev.finch.model.ModelReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One prompt and all that was asked of its answer. Immutable; build it with {@link #builder()}.
 *
 * @param id names the request in logs, metrics and the ledger; unique
 * @param model the local model that must answer, or null for the one that serves; nobody else
 *     answers a request that names one, which waits while that model is on its way whatever {@code
 *     whenNotReady} says
 * @param cloudModel the Claude model to use if Claude answers, or null for the configured one
 * @param prompt a conversation or raw text
 * @param tools what the model may ask to be called
 * @param toolChoice whether it may, must or must not
 * @param sampling how tokens are chosen
 * @param format the form that the answer must have
 * @param adapters LoRA adapters by name with their scales; empty takes the configured ones
 * @param privacy where the prompt may go; see {@link #effectivePrivacy()}
 * @param whenNotReady what to do while the local model is not Ready
 * @param demonstrationAllowed whether the built-in demonstration model may answer where nothing
 *     else can, without having been named
 * @param deadline how long the whole answer may take from submission, or null for no bound
 * @param conversationId groups the turns of one conversation so that its KV cache is found again
 * @param cloudOptions what is for Claude alone
 */
public record GenerateRequest(
    String id,
    @Nullable ModelReference model,
    @Nullable String cloudModel,
    Prompt prompt,
    List<Tool> tools,
    ToolChoice toolChoice,
    Sampling sampling,
    ResponseFormat format,
    Map<String, Double> adapters,
    Privacy privacy,
    WhenNotReady whenNotReady,
    boolean demonstrationAllowed,
    @Nullable Duration deadline,
    @Nullable String conversationId,
    CloudOptions cloudOptions) {

  public GenerateRequest {
    requireNonNull(id, "id");
    requireNonNull(prompt, "prompt");
    tools = List.copyOf(tools);
    requireNonNull(toolChoice, "toolChoice");
    requireNonNull(sampling, "sampling");
    requireNonNull(format, "format");
    adapters = Map.copyOf(adapters);
    requireNonNull(privacy, "privacy");
    requireNonNull(whenNotReady, "whenNotReady");
    requireNonNull(cloudOptions, "cloudOptions");
  }

  /** A request for one user message with every default. */
  public static GenerateRequest of(String userMessage) {
    return builder().user(userMessage).build();
  }

  public static Builder builder() {
    return new Builder();
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

  /** Collects the fields that differ from the defaults. */
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

    public Builder id(String id) {
      this.id = id;
      return this;
    }

    public Builder model(@Nullable ModelReference model) {
      this.model = model;
      return this;
    }

    public Builder cloudModel(@Nullable String cloudModel) {
      this.cloudModel = cloudModel;
      return this;
    }

    public Builder prompt(Prompt prompt) {
      this.prompt = prompt;
      return this;
    }

    /** Asks with one user message. */
    public Builder user(String content) {
      return messages(List.of(ChatMessage.user(content)));
    }

    public Builder messages(List<ChatMessage> messages) {
      return prompt(new Prompt.Conversation(messages));
    }

    public Builder tools(List<Tool> tools) {
      this.tools = tools;
      return this;
    }

    public Builder toolChoice(ToolChoice toolChoice) {
      this.toolChoice = toolChoice;
      return this;
    }

    public Builder sampling(Sampling sampling) {
      this.sampling = sampling;
      return this;
    }

    public Builder format(ResponseFormat format) {
      this.format = format;
      return this;
    }

    public Builder adapters(Map<String, Double> adapters) {
      this.adapters = adapters;
      return this;
    }

    public Builder privacy(Privacy privacy) {
      this.privacy = privacy;
      return this;
    }

    public Builder whenNotReady(WhenNotReady whenNotReady) {
      this.whenNotReady = whenNotReady;
      return this;
    }

    public Builder demonstrationAllowed(boolean allowed) {
      this.demonstrationAllowed = allowed;
      return this;
    }

    public Builder deadline(@Nullable Duration deadline) {
      this.deadline = deadline;
      return this;
    }

    public Builder conversationId(@Nullable String conversationId) {
      this.conversationId = conversationId;
      return this;
    }

    public Builder cloudOptions(CloudOptions cloudOptions) {
      this.cloudOptions = cloudOptions;
      return this;
    }

    public GenerateRequest build() {
      return new GenerateRequest(
          id,
          model,
          cloudModel,
          requireNonNull(prompt, "prompt"),
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
  }
}
