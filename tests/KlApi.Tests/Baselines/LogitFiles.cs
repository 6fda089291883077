using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace KlApi.Tests.Baselines;

/// <summary>Files of logits, written here from the descriptions of their formats and not by the code under test.</summary>
internal static class LogitFiles
{
    /// <summary>Rows of normal-looking logits that differ from seed to seed.</summary>
    public static float[][] Rows(int rows, int vocabulary, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, vocabulary).Select(_ => (float)(8 * random.NextDouble() - 4)).ToArray())];
    }

    /// <summary>The same rows with a little noise on each logit.</summary>
    public static float[][] Near(float[][] rows, int seed)
    {
        var random = new Random(seed);
        return [.. rows.Select(row => row.Select(logit => logit + (float)(0.2 * random.NextDouble() - 0.1)).ToArray())];
    }

    /// <summary>A .npy array of 32-bit numbers.</summary>
    public static byte[] Npy(float[][] rows) => [.. NpyHeader("<f4", $"({rows.Length}, {rows[0].Length})"), .. rows.SelectMany(row => row.SelectMany(BitConverter.GetBytes))];

    /// <summary>A .npy array of 16-bit numbers.</summary>
    public static byte[] NpyHalf(float[][] rows) =>
        [.. NpyHeader("<f2", $"({rows.Length}, {rows[0].Length})"), .. rows.SelectMany(row => row.SelectMany(logit => BitConverter.GetBytes((Half)logit)))];

    /// <summary>A .npy list of whole numbers.</summary>
    public static byte[] NpyInts(params long[] values) => [.. NpyHeader("<i8", $"({values.Length},)"), .. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>The start of a .npy file: magic, version 1, and a dictionary padded to a multiple of 64 bytes.</summary>
    public static byte[] NpyHeader(string type, string shape)
    {
        var dictionary = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}";
        var length = (10 + dictionary.Length + 1 + 63) / 64 * 64 - 10;
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8), .. Encoding.ASCII.GetBytes(dictionary.PadRight(length - 1) + "\n")];
    }

    /// <summary>A safetensors file with tensors of 32-bit numbers.</summary>
    public static byte[] Safetensors(params (string Name, float[][] Rows)[] tensors)
    {
        var entries = new List<string>();
        var data = new List<byte>();
        foreach (var (name, rows) in tensors)
        {
            var start = data.Count;
            foreach (var row in rows) data.AddRange(row.SelectMany(BitConverter.GetBytes));
            entries.Add($"\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{rows.Length},{rows[0].Length}],\"data_offsets\":[{start},{data.Count}]}}");
        }

        var header = Encoding.UTF8.GetBytes($"{{{string.Join(',', entries)}}}");
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. data];
    }

    /// <summary>JSON lines: an array of logits each.</summary>
    public static byte[] JsonLines(float[][] rows) =>
        Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => $"[{string.Join(',', row.Select(logit => logit.ToString("R", CultureInfo.InvariantCulture)))}]\n")));

    /// <summary>What llama-perplexity writes for one chunk of 2·rows+2 tokens whose second half is scored.</summary>
    /// <param name="rows">Logits of the scored positions.</param>
    /// <param name="chunkRows">Rows of a chunk; the number of rows is a multiple of it.</param>
    /// <param name="tokens">The token that follows each row.</param>
    public static byte[] Kld(float[][] rows, int chunkRows, int[] tokens)
    {
        var context = 2 * chunkRows + 2;
        var (chunks, vocabulary) = (rows.Length / chunkRows, rows[0].Length);
        var bytes = new List<byte>();
        bytes.AddRange("_logits_"u8);
        foreach (var number in (int[])[context, vocabulary, chunks]) bytes.AddRange(BitConverter.GetBytes(number));
        for (var chunk = 0; chunk < chunks; chunk++)
            for (var i = 0; i < context; i++)
                bytes.AddRange(BitConverter.GetBytes(i > context / 2 ? tokens[chunk * chunkRows + i - context / 2 - 1] : 0));
        foreach (var row in rows) bytes.AddRange(KldRow(row));
        return [.. bytes];
    }

    private static byte[] KldRow(float[] row)
    {
        var maximum = row.Max();
        var minimum = Math.Max(row.Min(), maximum - 16);
        var logSum = (float)Math.Log(row.Sum(logit => (double)MathF.Exp(logit - maximum)));
        var scale = (maximum - minimum) / 65535f;
        var bytes = new byte[2 * (2 * ((row.Length + 1) / 2) + 4)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, scale);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4), minimum - maximum - logSum);
        for (var i = 0; i < row.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8 + 2 * i), row[i] > minimum ? (ushort)MathF.Round((row[i] - minimum) / scale, MidpointRounding.ToEven) : (ushort)0);
        return bytes;
    }
}
