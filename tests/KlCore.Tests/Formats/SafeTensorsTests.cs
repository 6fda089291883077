using System.Buffers.Binary;
using System.Text;
using KlCore.Formats;

namespace KlCore.Tests.Formats;

/// <summary>What is written is read back, and what is not in the form is refused.</summary>
public class SafeTensorsTests
{
    [Fact]
    public void Read_OfWhatWasWritten_IsTheSameToTheLastBit()
    {
        Tensor[] tensors =
        [
            new("a", [2, 3], [1, -0.0, double.Epsilon, double.MaxValue, double.PositiveInfinity, 1.0 / 3]),
            new("scalar", 42),
            new("empty", []),
        ];
        var file = SafeTensors.Write(tensors, new Dictionary<string, string> { ["format"] = "test" });
        var read = SafeTensors.Read(file);
        Assert.Equal(3, read.Count);
        foreach (var tensor in tensors)
        {
            Assert.Equal(tensor.Shape, read[tensor.Name].Shape);
            Assert.Equal(tensor.Values.Select(BitConverter.DoubleToInt64Bits), read[tensor.Name].Values.Select(BitConverter.DoubleToInt64Bits));
        }

        Assert.Equal(file, SafeTensors.Write(tensors, new Dictionary<string, string> { ["format"] = "test" }));
    }

    [Fact]
    public void Write_FollowsTheLayout()
    {
        var file = SafeTensors.Write([new Tensor("x", [1, 2], [1, 2])]);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        Assert.Equal("""{"x":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]}}""", Encoding.UTF8.GetString(file, 8, length).TrimEnd(' '));
        Assert.Equal(2, BinaryPrimitives.ReadDoubleLittleEndian(file.AsSpan(8 + length + 8)));
        Assert.Equal(8 + length + 16, file.Length);
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,16]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[3],"data_offsets":[0,16]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,16]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[-2],"data_offsets":[0,16]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[-2,-1],"data_offsets":[0,16]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[2000000000,2000000000,2000000000],"data_offsets":[0,16]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"y":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"x":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[2]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[2.5],"data_offsets":[0,16]}}""")]
    [InlineData("""{"x":{"dtype":"F64","shape":[2],"data_offsets":[0]}}""")]
    [InlineData("""{"x":3}""")]
    [InlineData("""[1,2]""")]
    [InlineData("""not json""")]
    public void Read_OfAHeaderThatDoesNotFit_IsRefused(string header)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        byte[] file = [.. BitConverter.GetBytes((long)bytes.Length), .. bytes, .. new byte[16]];
        Assert.Throws<InvalidInputException>(() => SafeTensors.Read(file));
    }

    [Fact]
    public void Read_OfAnyTruncation_IsRefused()
    {
        var file = SafeTensors.Write([new Tensor("x", [1, 2, 3])]);
        for (var length = 0; length < file.Length; length++) Assert.Throws<InvalidInputException>(() => SafeTensors.Read(file.AsMemory(0, length)));
        Assert.Throws<InvalidInputException>(() => SafeTensors.Read((byte[])[.. file, 0]));
    }
}
