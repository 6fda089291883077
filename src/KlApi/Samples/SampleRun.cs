using KlApi.Host;
using KlApi.Storage;
using KlCore;
using KlCore.Estimation;
using KlCore.Training;
using Microsoft.Extensions.Options;

namespace KlApi.Samples;

/// <summary>Takes samples as JSON or as a form, and estimates when a processor is free, within the time that a request may take.</summary>
internal sealed class SampleRun(SampleFiles files, StorageQuota quota, Admission admission, ITrainingInputs inputs, IOptions<Limits> limits, IHostApplicationLifetime lifetime)
{
    private TimeSpan Longest => TimeSpan.FromSeconds(limits.Value.RequestSeconds);

    /// <summary>Runs a request.</summary>
    /// <typeparam name="TRequest">What JSON says, samples included.</typeparam>
    /// <typeparam name="TForm">What the part <c>request</c> of a form says.</typeparam>
    /// <typeparam name="TAnswer">What is answered.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="names">The samples that it may have.</param>
    /// <param name="estimateJson">Estimates from JSON.</param>
    /// <param name="estimateForm">Estimates from the samples of a form, in the order of the names, null for one that is not there.</param>
    public async Task<TAnswer> Run<TRequest, TForm, TAnswer>(
        HttpContext context, string[] names, Func<TRequest, Func<SampleInput, string, Points>, CancellationToken, TAnswer> estimateJson, Func<TForm, Points?[], CancellationToken, TAnswer> estimateForm)
        where TRequest : class
        where TForm : class, ISampleColumns
    {
        var aborted = context.RequestAborted;
        if (!context.Request.HasFormContentType)
        {
            JsonBody.RequireJson(context.Request);
            var request = await JsonBody.Read(context, limits.Value.JsonBytes, Body<TRequest>.Parse);
            return await UploadStream.UntilStop(lifetime, stop => Within(limited => admission.ComputeLong(() => estimateJson(request, (sample, member) => sample.Read(member, inputs), limited), limited), stop), aborted);
        }

        var type = UploadStream.Open(context);
        if (!Form.Is(type)) throw Refusal.MediaType("Samples are sent as application/json or as the files of a multipart/form-data.");
        SpooledFile.RequireRoom(context.Request.ContentLength, names.Length, files, quota, limits.Value);
        return await UploadStream.UntilStop(lifetime, async stop =>
        {
            await using var form = await SampleForm.Receive(Form.Read(type, context.Request.Body), names, files, quota, stop);
            var options = form.Options<TForm>();
            using var place = await admission.Enter(stop);
            return await Within(async limited =>
            {
                var columns = options.Columns ?? form.SharedColumns(names);
                var samples = new Points?[names.Length];
                for (var i = 0; i < names.Length; i++)
                    samples[i] = form.Table(names[i]) is { } table ? await table.Read(columns, limits.Value.DatasetNumbers, limited) : null;
                return await admission.ComputeLong(() => estimateForm(options, samples, limited), limited);
            }, stop);
        }, aborted);
    }

    private async Task<T> Within<T>(Func<CancellationToken, Task<T>> work, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Longest);
        return await work(limit.Token);
    }
}

/// <summary>The rest of a request whose samples are files.</summary>
public interface ISampleColumns
{
    /// <summary>Which columns of the files make a point, by name; in an array of NumPy "0", "1", …. All of numbers unless stated; those of the same names belong together where all files have the same, else those in the same places.</summary>
    IReadOnlyList<string>? Columns { get; }
}
