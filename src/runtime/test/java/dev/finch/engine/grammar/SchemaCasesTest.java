package dev.finch.engine.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.engine.calls.ToolFormat;
import dev.finch.failure.FinchException;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tools and people write, and what may be answered to it. */
final class SchemaCasesTest {

  /** Public bug reports of other servers and of Finch, and their neighbours. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        // What stands beside an enum filters it.
        "{'type':'string','format':'enum','enum':['a','b']}; 'a'; 'c'",
        "{'type':'string','enum':['a','bb'],'minLength':2}; 'bb'; 'a'",
        "{'type':'integer','enum':[1,2],'minimum':2}; 2; 1",
        "{'enum':[1,2,3,4],'multipleOf':2,'not':{'const':4}}; 2; 4",
        "{'const':{'a':1},'required':['a']}; {'a':1}; {}",
        "{'enum':['a','b',null],'type':['string','null'],'pattern':'^b'}; 'b'; 'a'",
        "{'anyOf':[{'const':'x'},{'type':'integer'}],'enum':['x','y',3]}; 3; 'y'",
        // Patterns, formats and lengths together.
        "{'pattern':'^a$|^b$'}; 'b'; 'ab'",
        "{'pattern':'^[a-z]+$','maxLength':3}; 'abc'; 'abcd'",
        "{'pattern':'^[a-z]+$','minLength':2}; 'ab'; 'a'",
        "{'pattern':'^[a-z]+[0-9]$','minLength':2,'maxLength':3}; 'ab1'; 'abc1'",
        "{'pattern':'^[0-9a-f-]+$','format':'uuid'}; '123e4567-e89b-42d3-a456-426614174000'; '1'",
        "{'format':'uuid','pattern':'^.{14}4'}; '123e4567-e89b-42d3-a456-426614174000';"
            + " '123e4567-e89b-12d3-a456-426614174000'",
        "{'allOf':[{'pattern':'^a'},{'pattern':'z$'}]}; 'abz'; 'az1'",
        "{'pattern':'^(?!admin$)[a-z]+$'}; 'admins'; 'admin'",
        "{'pattern':'^(?=.*[0-9])[a-z0-9]{3}$'}; 'a1b'; 'abc'",
        "{'type':'string','not':{'pattern':' '},'maxLength':4}; 'ab'; 'a b'",
        "{'type':'string','not':{'enum':['root','']}}; 'rood'; 'root'",
        // Formats.
        "{'format':'ipv6'}; '2001:db8::8a2e:370:7334'; '2001:db8::8a2e::7334'",
        "{'format':'ipv4'}; '127.0.0.1'; '127.0.0.256'",
        "{'format':'json-pointer'}; '/a~1b/0'; 'a'",
        "{'type':'string','format':'phone','maxLength':5}; 'x'; '+4930123456'",
        "{'type':'string','format':'binary'}; 'anything'; 1",
        "{'type':'string','contentEncoding':'base64'}; 'QUJD'; 'QUJ'",
        // Numbers.
        "{'type':'integer','multipleOf':5}; -15; 12",
        "{'type':'integer','multipleOf':7,'minimum':100,'maximum':120}; 105; 98",
        "{'type':'number','multipleOf':0.25}; 1.75; 1.8",
        "{'type':'number','multipleOf':2.5,'minimum':0,'maximum':6}; 5; 7.5",
        "{'type':'integer','minimum':0,'exclusiveMinimum':true}; 1; 0",
        "{'type':'integer','minimum':0,'exclusiveMinimum':false}; 0; -1",
        "{'type':'integer','not':{'const':0},'minimum':-1,'maximum':1}; 1; 0",
        "{'oneOf':[{'type':'integer','multipleOf':3},{'type':'integer','multipleOf':5}]}; 9; 15",
        "{'type':'number','exclusiveMinimum':0,'exclusiveMaximum':0.0000001}; 0.00000005; 0",
        "{'type':'number','minimum':4.94065645841247E-324,'maximum':1.7976931348623157E+308}; 1.5;"
            + " 0",
        "{'type':'number','minimum':-1.7976931348623157E+308,'maximum':-4.9E-324}; -1.5; 0",
        "{'type':'number','minimum':1e-300}; 0.001; 0",
        "{'type':'number','minimum':2.2250738585072014e-308}; 7; -7",
        "{'type':'number','exclusiveMinimum':1e-300,'exclusiveMaximum':1e300}; 7; 0",
        "{'type':'integer','minimum':-1e300,'maximum':1e300}; -7; 0.5",
        "{'type':'integer','minimum':1e-300,'maximum':7.5}; 7; 0",
        "{'type':'number','minimum':-1e300,'maximum':1e300,'multipleOf':0.5}; 7.5; 7.2",
        "{'type':'number','minimum':1e-300,'multipleOf':0.5}; 0.5; 0",
        "{'anyOf':[{'const':1},{'type':'number','minimum':1e300}]}; 1; 7",
        "{'anyOf':[{'const':1},{'type':'integer','maximum':-1.7976931348623157e308}]}; 1; -7",
        "{'type':'number','maximum':1e-300,'minimum':0}; 0; 1",
        "{'type':'number','minimum':1e-9,'maximum':2e-9}; 0.0000000015; 0",
        "{'type':'number','minimum':0.1234567890123456789012345678901234567890}; 0.2; 0.1",
        "{'pattern':'\\\\A[ab]+\\\\Z'}; 'ab'; 'abc'",
        "{'pattern':'\\\\Aa\\\\z'}; 'a'; 'ab'",
        // Objects.
        "{'type':'object','additionalProperties':{'type':'integer'},'minProperties':1}; {'a':1};"
            + " {}",
        "{'type':'object','additionalProperties':{'type':'null'},'minProperties':2};"
            + " {'a':null,'b':null}; {'a':null,'a':null}",
        "{'type':'object','additionalProperties':{'type':'null'},'maxProperties':1}; {'a':null};"
            + " {'a':null,'b':null}",
        "{'properties':{'a':{'const':1},'b':{'const':2}},'minProperties':1}; {'b':2}; {}",
        "{'type':'object','propertyNames':{'type':'string'},'additionalProperties':{'const':1}};"
            + " {'x':1}; {'x':2}",
        "{'type':'object','propertyNames':{'pattern':'^[a-z]+$'},'additionalProperties':true};"
            + " {'x':2}; {'X':2}",
        "{'type':'object','propertyNames':{'enum':['x','y']},'additionalProperties':{'const':1}};"
            + " {'y':1}; {'z':1}",
        "{'type':'object','patternProperties':{'^i':{'type':'integer'},'^s':{'type':'string'}}};"
            + " {'ix':1,'s':''}; {'i':''}",
        "{'properties':{'a':{'type':'integer'}},'unevaluatedProperties':false}; {'a':1}; {'b':1}",
        "{'properties':{'a':{'const':1},'b':{'const':2}},'dependentRequired':{'a':['b']}}; {'b':2};"
            + " {'a':1}",
        "{'properties':{'k':{'enum':['c','s']},'r':{'const':1}},'required':['k'],"
            + "'if':{'properties':{'k':{'const':'c'}}},'then':{'required':['r']}}; {'k':'c','r':1};"
            + " {'k':'c'}",
        "{'properties':{'a':{'const':1},'b':{'const':2}},'oneOf':[{'required':['a']},"
            + "{'required':['b']}]}; {'a':1}; {'a':1,'b':2}",
        "{'properties':{'a':{'const':1}},'required':[],'not':{'required':['a']}}; {}; {'a':1}",
        // Arrays.
        "{'items':{'type':'string'},'uniqueItems':true}; ['a','b']; ['a','a']",
        "{'items':{'type':'string'},'uniqueItems':true}; ['a','ab']; ['a','\\u0061']",
        "{'items':{'type':'number'},'uniqueItems':true}; [1,1.5]; [1,1.0]",
        "{'items':{'enum':['a','b','c']},'uniqueItems':true}; ['c','a']; ['c','c']",
        "{'items':{'type':'array','items':{'type':'integer'}},'uniqueItems':true}; [[1],[]];"
            + " [[1],[1]]",
        "{'items':{'properties':{'n':{'type':'array','items':{'type':'integer'}}}},"
            + "'uniqueItems':true}; [{'n':[1,1]}]; [{'n':[]},{'n':[]}]",
        "{'contains':{'const':1},'items':{'type':'integer'}}; [1,2]; [2]",
        "{'items':{'type':'integer'},'contains':{'minimum':5},'maxContains':1}; [7,1]; [7,8]",
        "{'prefixItems':[{'type':'integer'}],'unevaluatedItems':false}; [1]; [1,2]",
        "{'items':[{'type':'integer'}],'additionalItems':{'type':'null'}}; [1,null]; [1,2]",
        // What says nothing about values.
        "{'type':'string','markdownDescription':'x','x-y':1,'enumm':[1],'$comment':2}; 'a'; 1",
        "{'type':'string','description':null,'enum':null,'format':'whatever'}; 'a'; 1",
        "{'type':'object','properties':{'a':{'type':'integer','required':true}},"
            + "'propertyOrdering':['a']}; {'a':1}; {'a':''}",
        "{'type':'OBJECT','properties':{'a':{'type':'STRING'}}}; {'a':''}; {'a':1}",
        "{'type':'array','items':{'const':1},'minItems':'1','maxItems':'2'}; [1]; []",
        "{'type':'string','minimum':3,'items':{},'required':['a']}; ''; 3",
        // References.
        "{'$defs':{'E':{'$anchor':'e','type':'integer'}},'$ref':'#e'}; 1; ''",
        "{'$id':'https://a.b/c','$defs':{'x':{'$id':'d','const':1}},'$ref':'https://a.b/d'}; 1; 2",
        "{'$id':'https://a.b/c','$defs':{'x':{'const':1}},'$ref':'c#/$defs/x'}; 1; 2",
        "{'properties':{'a':{'const':1},'b':{'$ref':'#/properties/a'}}}; {'b':1}; {'b':2}",
        "{'definitions':{'a/b':{'const':1}},'$ref':'#/definitions/a~1b'}; 1; 2",
        "{'$defs':{'u':{'$ref':'https://x.y/z'},'v':{'const':1}},'$ref':'#/$defs/v'}; 1; 2",
        "{'anyOf':[{'$ref':'#'},{'const':1}]}; 1; 2",
        "{'type':'array','items':{'$ref':'#'}}; [[],[[]]]; [1]",
        "{'$defs':{'t':{'properties':{'c':{'$ref':'#/$defs/t','minProperties':0}}}},"
            + "'$ref':'#/$defs/t'}; {'c':{'c':{}}}; {'c':1}",
        "{'properties':{'$ref':{'const':1},'enum':{'$ref':'#/properties/$ref'}}}; {'enum':1};"
            + " {'enum':2}",
        // What cannot be met is left out where it need not be met.
        "{'anyOf':[false,{'const':1},{'type':'string','maxLength':-0,'minLength':1}]}; 1; ''",
        "{'properties':{'a':false,'b':{'const':1}}}; {'b':1}; {'a':1}",
        "{'type':'array','items':false}; []; [1]",
      })
  void derivesTheOneAndNotTheOther(String schema, String derived, String other) {
    Gbnf grammar = SchemaGrammar.of(schema.replace('\'', '"'));
    assertTrue(Sentences.follows(grammar, derived.strip().replace('\'', '"')), grammar::text);
    assertFalse(Sentences.follows(grammar, other.strip().replace('\'', '"')), grammar::text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2147483647", "9223372036854775807", "9223372036854775808", "1e30", "1e300"})
  void whatNoAnswerReachesIsNoBound(String bound) {
    for (String schema :
        List.of(
            "{\"type\":\"string\",\"maxLength\":%s}",
            "{\"type\":\"string\",\"pattern\":\"^a+b$\",\"maxLength\":%s}",
            "{\"type\":\"array\",\"items\":{},\"maxItems\":%s}",
            "{\"type\":\"object\",\"additionalProperties\":{},\"maxProperties\":%s}")) {
      String unbounded = schema.replaceFirst(",\"max[A-Za-z]+\":%s", "");
      assertEquals(
          SchemaGrammar.of(unbounded).text(), SchemaGrammar.of(schema.formatted(bound)).text());
    }
  }

  @Test
  void threeThousandOptionalPropertiesAreAccepted() {
    String all = many(3_000, i -> "\"p" + i + "\":{\"type\":\"null\"}");
    Gbnf grammar = SchemaGrammar.of("{\"type\":\"object\",\"properties\":{" + all + "}}");
    assertTrue(Sentences.follows(grammar, "{\"p7\":null,\"p2999\":null}"));
    assertFalse(Sentences.follows(grammar, "{\"p2999\":null,\"p7\":null}"));
    assertTrue(Sentences.follows(grammar, "{}"));
  }

  @Test
  void moreAreRefusedInTheSchemasWords() {
    String all = many(5_000, i -> "\"p" + i + "\":{\"type\":\"null\"}");
    FinchException refused =
        assertThrows(
            FinchException.class,
            () -> SchemaGrammar.of("{\"properties\":{\"deep\":{\"properties\":{" + all + "}}}}"));
    assertEquals(
        "JSON schema at /properties/deep: 5,000 optional properties (expected: at most 4,000).",
        refused.failure().message());
  }

  @Test
  void whatIsTooLongIsRefusedAtItsPlace() {
    String values = many(100_000, i -> "\"value " + i + "\"");
    FinchException refused =
        assertThrows(
            FinchException.class,
            () -> SchemaGrammar.of("{\"properties\":{\"a\":{\"enum\":[" + values + "]}}}"));
    assertEquals(
        "JSON schema at /properties/a: it needs a grammar of more than 1,048,576 characters.",
        refused.failure().message());
  }

  private static String many(int count, IntFunction<String> one) {
    return IntStream.range(0, count).mapToObj(one).collect(Collectors.joining(","));
  }

  private static Gbnf calls(Tool... tools) {
    Gbnf grammar =
        AnswerGrammar.of(
            GenerateRequest.builder()
                .user("x")
                .tools(List.of(tools))
                .toolChoice(ToolChoice.REQUIRED)
                .build(),
            ToolFormat.HERMES,
            null);
    assertNotNull(grammar);
    return grammar;
  }

  private static Tool tool(String name, String schema, @Nullable Boolean strict) {
    return Tool.builder(name, schema.replace('\'', '"')).strict(strict).build();
  }

  private static String call(String name, String arguments) {
    return "<tool_call>\n{\"name\": \"%s\", \"arguments\": %s}\n</tool_call>"
        .formatted(name, arguments.replace('\'', '"'));
  }

  private static final String ODD =
      "{'type':'object','properties':{'a':{'type':'string','pattern':'(x)\\\\1'},"
          + "'b':{'type':'integer','minimum':3},'c':{'type':'any'}},'required':['a','b']}";

  @Test
  void theSchemaOfAToolIsAHintWhereItIsNotStrict() {
    Gbnf grammar = calls(tool("odd", ODD, null), tool("fine", "{'type':'object'}", true));
    // What can be kept is kept beside what cannot.
    assertTrue(Sentences.follows(grammar, call("odd", "{'a':'any','b':3,'c':[1]}")));
    assertFalse(Sentences.follows(grammar, call("odd", "{'a':'any','b':2}")));
    assertFalse(Sentences.follows(grammar, call("odd", "{'a':1,'b':3}")));
    assertTrue(Sentences.follows(grammar, call("fine", "{}")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'string'}",
        "{'$ref':'https://example.org/x'}",
        "{'type':'object','required':['a'],'additionalProperties':false}",
        "{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']}",
        "{'$ref':'#'}",
        "[1]",
        "{'type':",
        "false"
      })
  void argumentsAreAnObjectHoweverOddTheHint(String schema) {
    Gbnf grammar = calls(tool("odd", schema, false));
    assertTrue(Sentences.follows(grammar, call("odd", "{'a': 1}")));
    assertFalse(Sentences.follows(grammar, call("odd", "1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{'description':'x'}", "{'$schema':'y'}", "true"})
  void argumentsAreAnObjectWhereNothingIsSaid(String schema) {
    for (Boolean strict : new @Nullable Boolean[] {null, false, true}) {
      Gbnf grammar = calls(tool("f", schema, strict));
      assertTrue(Sentences.follows(grammar, call("f", "{'a': 1}")));
      assertFalse(Sentences.follows(grammar, call("f", "'a'")));
    }
  }

  @Test
  void aStrictToolIsRefusedByItsNameAndPlace() {
    FinchException refused =
        assertThrows(
            FinchException.class, () -> calls(tool("fine", "{}", null), tool("odd", ODD, true)));
    assertTrue(
        refused
            .failure()
            .message()
            .startsWith("Tool 'odd': JSON schema at /properties/a/pattern: the pattern uses \\1"),
        refused.failure().message());
  }

  @Test
  void thousandsOfToolsFindRoom() {
    Tool[] tools =
        IntStream.range(0, 2_000)
            .mapToObj(
                i ->
                    tool(
                        "t" + i,
                        "{'type':'object','properties':{"
                            + many(10, p -> "'p" + i + "_" + p + "':{'type':'string'}")
                            + "}}",
                        null))
            .toArray(Tool[]::new);
    Gbnf grammar = calls(tools);
    assertTrue(Sentences.follows(grammar, call("t0", "{'p0_1':'x'}")));
    assertFalse(Sentences.follows(grammar, call("t0", "{'q':'x'}")));
    assertTrue(Sentences.follows(grammar, call("t1999", "{'q':'x'}")));
  }
}
