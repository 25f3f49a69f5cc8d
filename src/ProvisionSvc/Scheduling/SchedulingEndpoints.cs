using ProvisionSvc.Contracts;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Scheduling;

internal static class SchedulingEndpoints
{
    public static void AddTimetable(this IServiceCollection services)
    {
        services.AddOptions<SchedulingOptions>().BindConfiguration("Scheduling").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CurrentTimetable>();
        services.AddHostedService<HearTimetable>();
    }

    public static void MapScheduling(this IEndpointRouteBuilder api)
    {
        api.MapGet("/pauses", PauseEndpoints.ListAsync).WithName("listPauses").Fails(400).ForReaders().WithSummary("What is paused or stopped; all=true with what was.");
        api.MapPost("/pauses", PauseEndpoints.PauseAsync).WithName("pause").Takes<PauseRequest>().For(Roles.Business, Roles.Engineering)
            .WithSummary("Stop everything before the next line goes out (scope all), or keep new changes from a node, building or switch.");
        api.MapPost("/pauses/{id:long}/end", PauseEndpoints.EndAsync).WithName("endPause").Fails(404).For(Roles.Business, Roles.Engineering)
            .WithSummary("Let it go on; what was in flight is read back first.");

        api.MapGet("/freezes", FreezeEndpoints.ListAsync).WithName("listFreezes").Fails(400).ForReaders().WithSummary("Freezes that stand or come; all=true with those that are over.");
        api.MapPost("/freezes", FreezeEndpoints.AddAsync).WithName("addFreeze").Takes<FreezeRequest>().For(Roles.Business, Roles.Engineering)
            .WithSummary("Let no change begin from one time to another.");
        api.MapPost("/freezes/{id:long}/end", FreezeEndpoints.EndAsync).WithName("endFreeze").Fails(404).For(Roles.Business, Roles.Engineering)
            .WithSummary("End a freeze now, or take back one that has not begun.");

        api.MapGet("/windows", WindowEndpoints.ListAsync).WithName("listWindows").ForReaders().WithSummary("Change windows with their next openings.");
        api.MapPost("/windows", WindowEndpoints.AddAsync).WithName("addWindow").Fails(409).Takes<WindowRequest>().For(Roles.Engineering)
            .WithSummary("Add a change window to a node, a building, a district or everything.");
        api.MapDelete("/windows/{id:long}", WindowEndpoints.RemoveAsync).WithName("removeWindow").Fails(404).For(Roles.Engineering).WithSummary("Remove a change window.");

        api.MapGet("/calendar", CalendarEndpoints.ShowAsync).WithName("showCalendar").Fails(400).ForReaders()
            .WithSummary("Days that are worked, or not, other than Monday to Friday says.");
        api.MapPost("/calendar/imports", CalendarEndpoints.ImportAsync).WithName("importCalendar").Takes<ImportCalendarRequest>().For(Roles.Business, Roles.Engineering)
            .WithSummary("Replace the years that the file names.");

        api.MapPut("/nodes/{name}/pace", SetPace.HandleAsync).WithName("setPace").Fails(404).Takes<SetPaceRequest>().For(Roles.Engineering)
            .WithSummary("How many changes may begin at a node in a minute.");
    }
}
