using System.Net.Http.Headers;
using System.Text;
using KlApi.Tests.Host;

namespace KlApi.Tests.Datasets;

/// <summary>Data to upload, and how tests send it.</summary>
internal static class Uploads
{
    public const string Path = "/v1/datasets";

    public const string Csv = "height,name,weight\n1.5,ann,50\n1.8,\"bo, b\",\n";

    /// <summary>What NumPy 1.24 writes for <c>np.array([[1, 2, 3], [4, 5, 6]], dtype='&lt;i2')</c>.</summary>
    public static byte[] Npy { get; } =
    [
        0x93, .. "NUMPY"u8, 1, 0, 0x76, 0,
        .. Encoding.ASCII.GetBytes("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }".PadRight(0x75) + "\n"),
        1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0,
    ];

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static Task<Answer> Upload(this HttpClient client, byte[] bytes, string mediaType = "text/csv", string query = "") =>
        client.Ask(new HttpRequestMessage(HttpMethod.Post, Path + query) { Content = Content(bytes, mediaType) });

    public static Task<Answer> Upload(this HttpClient client, string text, string mediaType = "text/csv", string query = "") =>
        client.Upload(Bytes(text), mediaType, query);

    public static async Task<string> UploadId(this HttpClient client, string text, string mediaType = "text/csv")
    {
        var answer = await client.Upload(text, mediaType);
        Assert.Equal(201, answer.Status);
        return answer.Json["id"]!.GetValue<string>();
    }

    public static Task<Answer> Remove(this HttpClient client, string id) => client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"{Path}/{id}"));

    /// <summary>A form, written by hand so that it can be wrong in any way.</summary>
    public static Task<Answer> UploadForm(this HttpClient client, string body, string type = "multipart/form-data; boundary=b") =>
        client.Upload(Bytes(body.ReplaceLineEndings("\r\n")), type);

    public static ByteArrayContent Content(byte[] bytes, string mediaType)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return content;
    }
}
