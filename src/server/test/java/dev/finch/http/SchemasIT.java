package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Schemas over HTTP, in every form in which clients give one: OpenAI's {@code response_format} and
 * {@code text.format}, Anthropic's {@code output_config.format} and its beta {@code output_format},
 * Ollama's {@code format}, llama.cpp's {@code json_schema} and {@code json_object} with a schema.
 */
final class SchemasIT {

  /** What was refused once: multiples, an enum beside others, a pattern beside a length. */
  private static final String SCHEMA =
      "{'type':'object','properties':{'n':{'type':'integer','multipleOf':5,'minimum':5,"
          + "'maximum':95},'kind':{'type':'string','enum':['a','bb'],'minLength':2},"
          + "'code':{'type':'string','pattern':'^[a-z]+[0-9]$','maxLength':6},"
          + "'days':{'type':'array','items':{'enum':['mo','tu']},'uniqueItems':true}},"
          + "'required':['n','kind','code','days'],'additionalProperties':false,"
          + "'propertyOrdering':['n']}";

  private static final SchemaRegistry VALIDATORS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static RealServer server;

  @BeforeAll
  static void start() throws IOException {
    server = RealServer.builtin();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Arguments> forms() {
    String chat = "/v1/chat/completions";
    String messages = "'messages':[{'role':'user','content':'Hi'}]";
    String said = "/choices/0/message/content";
    return Stream.of(
        Arguments.of(
            chat,
            messages
                + ",'response_format':{'type':'json_schema','json_schema':{'name':'x','schema':@}}",
            said),
        Arguments.of(
            chat,
            messages
                + ",'response_format':{'type':'json_schema','json_schema':{'name':'x',"
                + "'strict':true,'schema':@}}",
            said),
        Arguments.of(
            chat,
            messages
                + ",'response_format':{'type':'json_schema','json_schema':{'name':'x',"
                + "'strict':false,'schema':@}}",
            said),
        Arguments.of(chat, messages + ",'response_format':{'type':'json_object','schema':@}", said),
        Arguments.of(chat, messages + ",'response_format':{'type':'json_schema','schema':@}", said),
        Arguments.of(chat, messages + ",'json_schema':@", said),
        Arguments.of(
            "/v1/responses",
            "'input':'Hi','text':{'format':{'type':'json_schema','name':'x','strict':true,"
                + "'schema':@}}",
            "/output/0/content/0/text"),
        Arguments.of(
            "/v1/messages",
            messages + ",'output_config':{'format':{'type':'json_schema','schema':@}}",
            "/content/0/text"),
        Arguments.of(
            "/v1/messages",
            messages + ",'output_format':{'type':'json_schema','schema':@}",
            "/content/0/text"),
        Arguments.of("/v1/completions", "'prompt':'Hi','json_schema':@", "/choices/0/text"),
        Arguments.of(
            "/v1/completions",
            "'prompt':'Hi','response_format':{'type':'json_schema','json_schema':{'schema':@}}",
            "/choices/0/text"),
        Arguments.of("/api/chat", messages + ",'format':@", "/message/content"),
        Arguments.of("/api/generate", "'prompt':'Hi','format':@", "/response"));
  }

  private static HttpResponse<String> ask(String path, String fields) throws Exception {
    String body =
        "{'model':'auto','max_tokens':400,'max_output_tokens':400,'temperature':0,'stream':false,"
            + "'options':{'temperature':0,'num_predict':400},"
            + fields
            + "}";
    return server.post(path, body.replace('\'', '"'));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theAnswerValidates(String path, String fields, String at) throws Exception {
    HttpResponse<String> response = ask(path, fields.replace("@", SCHEMA));

    assertEquals(200, response.statusCode(), response.body());
    String answer = Json.read(response.body()).at(at).asText();
    var validator = VALIDATORS.getSchema(SCHEMA.replace('\'', '"'), InputFormat.JSON);
    assertEquals(List.of(), validator.validate(answer, InputFormat.JSON), answer);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void whatCannotBeKeptIsRefusedWithItsPlace(String path, String fields, String at)
      throws Exception {
    String wrong = "{'type':'object','properties':{'a/b':{'type':'strnig'}}}";
    HttpResponse<String> response = ask(path, fields.replace("@", wrong));

    assertEquals(400, response.statusCode(), response.body());
    assertTrue(
        response.body().contains("JSON schema at /properties/a~1b/type: 'strnig' is no type"),
        response.body());
  }

  @Test
  void aRawPromptKeepsAGrammar() throws Exception {
    HttpResponse<String> response =
        ask("/v1/completions", "'prompt':'Hi','grammar':'root ::= [0-9] [a-c]'");
    String text = Json.read(response.body()).at("/choices/0/text").asText();

    assertTrue(text.matches("[0-9][a-c]"), response.body());
  }

  /** One odd tool among others, as MCP servers have them. */
  private static final String ODD =
      "{'type':'object','properties':{'a':{'type':'string','pattern':'(x)\\\\1'},"
          + "'b':{'type':'object','propertyNames':{'type':'string'},"
          + "'additionalProperties':{'type':'null'},'maxProperties':1}},'required':['b'],"
          + "'additionalProperties':false}";

  @Test
  void anOddToolIsCalledWhereItIsNotStrict() throws Exception {
    HttpResponse<String> chat =
        ask(
            "/v1/chat/completions",
            "'messages':[{'role':'user','content':'Hi'}],'tool_choice':'required','tools':["
                + "{'type':'function','function':{'name':'odd','parameters':"
                + ODD
                + "}}]");
    JsonNode choice = Json.read(chat.body()).at("/choices/0");

    assertEquals("tool_calls", choice.at("/finish_reason").asText(), chat.body());
    JsonNode arguments = Json.read(choice.at("/message/tool_calls/0/function/arguments").asText());
    assertTrue(arguments.get("b").isObject(), chat.body());

    HttpResponse<String> anthropic =
        ask(
            "/v1/messages",
            "'messages':[{'role':'user','content':'Hi'}],'tool_choice':{'type':'any'},'tools':["
                + "{'name':'odd','input_schema':"
                + ODD
                + "}]");
    assertEquals(
        "tool_use", Json.read(anthropic.body()).at("/stop_reason").asText(), anthropic.body());
  }

  @Test
  void aStrictToolIsRefusedByItsName() throws Exception {
    String message = "Tool 'odd': JSON schema at /properties/a/pattern: the pattern uses";
    HttpResponse<String> chat =
        ask(
            "/v1/chat/completions",
            "'messages':[{'role':'user','content':'Hi'}],'tool_choice':'required','tools':["
                + "{'type':'function','function':{'name':'odd','strict':true,'parameters':"
                + ODD
                + "}}]");
    HttpResponse<String> responses =
        ask(
            "/v1/responses",
            "'input':'Hi','tool_choice':'required','tools':[{'type':'function','name':'odd',"
                + "'strict':true,'parameters':"
                + ODD
                + "}]");
    HttpResponse<String> anthropic =
        ask(
            "/v1/messages",
            "'messages':[{'role':'user','content':'Hi'}],'tool_choice':{'type':'any'},'tools':["
                + "{'name':'odd','strict':true,'input_schema':"
                + ODD
                + "}]");
    for (HttpResponse<String> response : List.of(chat, responses, anthropic)) {
      assertEquals(400, response.statusCode(), response.body());
      assertTrue(response.body().contains(message), response.body());
    }
  }
}
