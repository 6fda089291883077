WebApplication.Create(args).Run();
/// <summary>The service.</summary>
public partial class Program;
