namespace KlApi.Policies;

/// <summary>KL between the policies of reinforcement learning: estimated from sampled tokens, controlled, budgeted.</summary>
internal static class PoliciesFeature
{
    public static void MapPolicies(this WebApplication app)
    {
        var group = app.MapGroup("/v1/policies").WithTags("Policies");
        EstimatePolicyKl.Map(group);
        CompareRollout.Map(group);
        StepController.Map(group);
        SolveBudget.Map(group);
        BoundBestOfN.Map(group);
    }
}
