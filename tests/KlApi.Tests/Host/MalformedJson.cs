using System.Text;

namespace KlApi.Tests.Host;

/// <summary>Texts that are not JSON (RFC 8259), in the manner of the n_ cases of the public JSONTestSuite.</summary>
public static class MalformedJson
{
    /// <summary>Each stands where a value should: alone, and within a request.</summary>
    public static IEnumerable<byte[]> Values() => Texts.Select(Encoding.Latin1.GetBytes).Concat(Bytes);

    private static readonly byte[][] Bytes =
    [
        [0xFF], [0xC0, 0xAF], [0xEF, 0xBB, 0xBF, (byte)'1'], [.. "\"\xE9\""u8.ToArray()[..2], (byte)'"'], [(byte)'"', 0xED, 0xA0, 0x80, (byte)'"'],
        [(byte)'[', 0xFF, (byte)']'], [(byte)'{', (byte)'"', 0xB9, (byte)'"', (byte)':', (byte)'0', (byte)',', (byte)'}'], [0xFF, 0xFE, (byte)'1', 0], [0, (byte)'1'],
    ];

    private static readonly string[] Texts =
    [
        "[1 true]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]", "[\"\",]", "[\"x\"", "[x", "[3[4]]", "[1:2]", "[,]", "[-]", "[   , \"\"]",
        "[\"a\",\n4\n,1,", "[1,]", "[1,,]", "[\"\u000Ba\"\\f]", "[*]", "[\"\"", "[1,", "[1,\n1\n,1", "[{}", "[fals]", "[nul]", "[tru]", "[++1234]", "[+1]", "[+Inf]",
        "[-01]", "[-1.0.]", "[-2.]", "[-NaN]", "[.-1]", "[.2e-3]", "[0.1.2]", "[0.3e+]", "[0.3e]", "[0.e1]", "[0E+]", "[0E]", "[0e+]", "[0e]", "[1.0e+]", "[1.0e-]",
        "[1.0e]", "[1 000.0]", "[1eE2]", "[2.e+3]", "[2.e-3]", "[2.e3]", "[9.e+]", "[Inf]", "[NaN]", "[Infinity]", "[-Infinity]", "[1+2]", "[0x1]", "[0x42]", "[- 1]",
        "[-012]", "[-.123]", "[-1x]", "[1ea]", "[1.]", "[.123]", "[1.2a-3]", "[1.8011670033376514H-308]", "[012]", "[\"x\", truth]", "{[: \"x\"}", "{\"x\", null}",
        "{\"x\"::\"b\"}", "{\"a\":\"a\" 123}", "{key: 'value'}", "{\"a\" b}", "{:\"b\"}", "{\"a\":", "{\"a\"", "{1:1}", "{9999E9999:1}", "{null:null,null:null}",
        "{\"id\":0,,,,,}", "{'a':0}", "{\"id\":0,}", "{\"a\":\"b\"}/**/", "{\"a\":\"b\"}/**//", "{\"a\":\"b\"}//", "{\"a\":\"b\"}/", "{\"a\":\"b\",,\"c\":\"d\"}", "{a: \"b\"}",
        "{\"a\":\"a", "{ \"foo\" : \"bar\", \"a\" }", "{\"a\":\"b\"}#", " ", "[\"\\uD800\\\"]", "[\"\\uD800\\u\"]", "[\"\\uD800\\u1\"]", "[\"\\uD800\\u1x\"]", "[\"\\x00\"]",
        "[\"\\\\\\\"]", "[\"\\\t\"]", "[\"\\a\"]", "[\"\\uqqqq\"]", "[\"\\\"]", "[\"\\u00A\"]", "[\"new\nline\"]", "[\"\t\"]", "[\"\\U0000\"]", "\"", "['single quote']", "abc",
        "[\"a\u0000a\"]", "\"\\UA66D\"", "<.>", "[<null>]", "[1]x", "[1]]", "[\"asd]", "[True]", "1]", "{\"x\": true,", "[][]", "]", "{}}", "{\"\":", "{\"a\":/*comment*/\"b\"}",
        "{\"a\": true} \"x\"", "['", "[,", "[{", "[\"a", "[\"a\"", "{", "{]", "{,", "{[", "{\"a", "{'a'", "[\"\\{[\"\\{[\"\\{[\"\\{", "*", "{\"a\":\"b\"}#{}", "[\\u000A\"\"]",
        "[1", "[ false, nul", "[ true, fals", "[ false, tru", "{\"asd\":\"asd\"", "\u00E5", "[\u000C]", "\u2060", "--1", "1e", "tru", "nan", "+1", "'x'", "// no", "1,2", "\\u0031",
    ];
}
