//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `places`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        PlaceClosed = "place.closed",
            "这个地方已经撤销或并入其他地方。", "请选择现在的名称。",
            "This place no longer exists or was merged into another.", "Choose the place by its present name.";
        RequestStale = "request.stale",
            "页面停留太久，为安全起见没有提交。", "请再点一次提交；内容还在。",
            "The page was open too long, so to be safe nothing was sent.", "Press send again. Your entries are still there.";
        GridNothing = "grid.nothing",
            "这份方案不能采用了：它之后楼栋数据变了，或者方案没有算完。", "请重新生成方案再采用。",
            "This proposal can no longer be adopted: the buildings have changed since, or it was not finished.", "Make a new proposal and adopt that one.";
        GridCodeToday = "grid.code_today",
            "这里有网格的名称或编码是从{day}起用的，当天不能再改。", "请选更晚的生效日期。",
            "Some of these grids bear their name or code only since {day}, so it cannot change on that day.", "Choose a later date.";
        GridNotNumbered = "grid.not_numbered",
            "有 {count} 栋楼还没编入网格，例如 {first}，还不能统一编码。", "请先把每栋楼编入网格。",
            "{count} buildings are in no grid, for example {first}, so the grids cannot be numbered yet.", "Put each building into a grid first.";
        GridSame = "grid.same",
            "两边选的是同一个网格。", "请选另一个网格。",
            "Both fields name the same grid.", "Choose another grid.";
        GridWithout = "grid.without",
            "有 {count} 栋楼还没编入网格，例如 {first}。", "请给每栋楼选一个网格。",
            "{count} buildings would be in no grid, for example {first}.", "Choose a grid for each building.";
        GridElsewhere = "grid.elsewhere",
            "{building} 不能编入那个网格：它已经撤销，或者属于别的社区。", "请选本社区现有的网格，或者编入新网格。",
            "{building} cannot go into that grid: the grid has ended or belongs to another community.", "Choose a grid of this community, or a new one.";
        GridWhole = "grid.whole",
            "这个网格分不成两个各自相连的网格。", "请选楼栋更多的网格，或者在下面逐栋选。",
            "This grid cannot be split into two grids that each hang together.", "Choose a grid with more buildings, or choose building by building below.";
        GridRowTwice = "grid.row_twice",
            "第 {line} 行：这栋楼前面已经写过一次。", "请一栋楼只写一行。",
            "Line {line}: this building was named before.", "Give each building one line.";
        GridRowUnknown = "grid.row_unknown",
            "第 {line} 行：这里没有“{building}”。", "请照导出的表写小区和楼栋；楼栋在别的地方的，请到那里导入。",
            "Line {line}: there is no “{building}” here.", "Write compound and building as the exported table does. Buildings of other places are imported there.";
        GridRowSeveral = "grid.row_several",
            "第 {line} 行：不止一个社区有“{building}”。", "请加上“社区”一列。",
            "Line {line}: several communities have “{building}”.", "Add the column “Community”.";
        GridRowEmpty = "grid.row_empty",
            "第 {line} 行：“{building}”没有写网格。", "请写网格名称或编码；要编入新网格，写一个新名字。",
            "Line {line}: no grid is given for “{building}”.", "Write the name or code of a grid, or a new word for a new grid.";
        PointUnreadable = "point.unreadable",
            "没有看懂这个坐标。", "请写成 41.8057,123.4315：先写纬度，再写经度。也可以写小区或社区的名字。",
            "This is not a pair of coordinates.", "Write it as 41.8057,123.4315: latitude first, then longitude. The name of a compound or community will do as well.";
        PointSwapped = "point.swapped",
            "纬度和经度好像写反了。", "请先写纬度，再写经度，例如 41.8057,123.4315。",
            "Latitude and longitude look swapped.", "Write the latitude first, then the longitude, such as 41.8057,123.4315.";
        PointOutside = "point.outside",
            "这个坐标不在本市有人住的地方。", "请核对坐标；确实是本市的，请改写小区、社区或街道的名字。",
            "This point is outside of the city.", "Check the coordinates. If it is in the city, write the name of the compound, community or street instead.";
        PointUnmapped = "point.unmapped",
            "本市的地图还没有对上经纬度，坐标用不了。", "请写小区、社区或街道的名字。",
            "The map of this city has no coordinates yet, so a point cannot be found.", "Write the name of the compound, community or street.";
    }
}
