using KlApi.Host;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddHost(builder.Configuration);

var app = builder.Build();
app.UseHost();

app.Run();

/// <summary>The service's entry point, public so that tests can host it.</summary>
public partial class Program;
