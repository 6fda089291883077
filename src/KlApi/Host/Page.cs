using Microsoft.Extensions.FileProviders;

namespace KlApi.Host;

/// <summary>
/// The web page: three static files of <c>wwwroot</c>, served at <c>/</c>. Plain static files rather than <c>MapStaticAssets</c>, which
/// answers browsers (they accept gzip) with an empty 200 under <c>dotnet run</c> outside Development.
/// </summary>
internal static class Page
{
    public static void AddPage(WebApplicationBuilder builder) => builder.WebHost.UseStaticWebAssets();

    public static void UsePage(WebApplication app)
    {
        var environment = app.Environment;
        // Published and started from another directory, the files are beside the program.
        var beside = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (!Directory.Exists(environment.WebRootPath) && Directory.Exists(beside)) environment.WebRootFileProvider = new PhysicalFileProvider(beside);
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache" });
    }
}
