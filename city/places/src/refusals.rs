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
        GridWorkerSame = "grid.worker_same",
            "那天已经由{name}负责这个网格。", "请选另一个人，或者另一天。",
            "On that day {name} is responsible for this grid already.", "Choose somebody else or another day.";
        GridWorkerNote = "grid.worker_note",
            "交接要写明还有哪些事没办完。", "请写清楚，没有就写“无”。",
            "A hand-over says what is still open.", "Write it down; if nothing is open, write “none”.";
        GridFileUnreadable = "grid.file_unreadable",
            "这个文件不是 GeoJSON：第 {line} 行第 {column} 个字起读不下去。", "请从制图软件重新导出 GeoJSON 再上传。",
            "This file is not GeoJSON: it cannot be read from line {line}, column {column}.", "Export it again as GeoJSON from your map program.";
        GridFileNone = "grid.file_none",
            "文件里没有图形。", "请导出成 GeoJSON 的 FeatureCollection，每个网格一个面。",
            "There are no shapes in this file.", "Export it as a GeoJSON FeatureCollection with one polygon for each grid.";
        GridFileCrs = "grid.file_crs",
            "文件写明坐标系是 {crs}，不是经纬度的 WGS-84 或 CGCS2000。", "请转换成 WGS-84 或 CGCS2000 的经纬度，再导出上传。",
            "The file says that its coordinates are {crs}, not degrees of WGS 84 or CGCS2000.", "Convert it to degrees of WGS 84 or CGCS2000, then export it again.";
        GridFileLarge = "grid.file_large",
            "文件太大：最多 {megabytes} MB、2000 个图形、10 万个顶点。", "请分社区导出，或者把边界简化一些。",
            "The file is too large: at most {megabytes} MB, 2,000 shapes and 100,000 corners.", "Export one community at a time, or simplify the borders.";
        GridShapeKind = "grid.shape_kind",
            "第 {number} 个图形不是面。", "网格请画成面（Polygon 或 MultiPolygon）；点和线请删掉。",
            "Shape {number} is not an area.", "Draw grids as polygons (Polygon or MultiPolygon), and delete points and lines.";
        GridShapeBroken = "grid.shape_broken",
            "第 {number} 个图形的边界不完整。", "每一圈至少四个点，最后一点和第一点相同；请在制图软件里修好再导出。",
            "The border of shape {number} is not complete.", "Each ring needs at least four points, and the last equals the first. Mend it in your map program.";
        GridShapeLarge = "grid.shape_large",
            "第 {number} 个图形有一圈超过 {corners} 个顶点。", "请把边界简化一些再导出。",
            "A ring of shape {number} has more than {corners} corners.", "Simplify the border and export it again.";
        GridShapeCrossing = "grid.shape_crossing",
            "第 {number} 个图形的边界自己和自己交叉，在第 {corner} 个点附近。", "请在制图软件里把交叉的地方改开。",
            "The border of shape {number} crosses itself near corner {corner}.", "Move the corners apart in your map program.";
        GridShapeSwapped = "grid.shape_swapped",
            "第 {number} 个图形的经度和纬度好像写反了。", "GeoJSON 先写经度，再写纬度，例如 [123.4315, 41.8057]。",
            "Longitude and latitude of shape {number} look swapped.", "GeoJSON writes the longitude first, then the latitude, such as [123.4315, 41.8057].";
        GridShapeDegrees = "grid.shape_degrees",
            "第 {number} 个图形的坐标不是经纬度。", "请导出成经纬度坐标（WGS-84 或 CGCS2000），不要用投影坐标。",
            "The coordinates of shape {number} are not degrees.", "Export it in degrees (WGS 84 or CGCS2000), not in a projection.";
        GridShapeProperty = "grid.shape_property",
            "第 {number} 个图形的 kind 写的是“{kind}”，看不懂。", "请写 general（综合网格）或 exclusive（专属网格），也可以不写。",
            "The kind of shape {number} is “{kind}”, which is unknown.", "Write general or exclusive, or leave it out.";
        GridShapeName = "grid.shape_name",
            "第 {number} 个图形的名称太长，最多 {limit} 个字。", "请写短一些。",
            "The name of shape {number} is too long: at most {limit} characters.", "Write a shorter name.";
        GridShapeHidden = "grid.shape_hidden",
            "第 {number} 个图形的名称或编码里有看不见的字符。", "请在制图软件里把名称和编码重新打一遍，不要从别处粘贴。",
            "The name or the code of shape {number} contains characters that cannot be seen.", "Type both again in your map program instead of pasting them.";
        GridShapeCode = "grid.shape_code",
            "第 {number} 个图形的编码“{code}”不对。", "编码是社区代码 {community} 加 001 到 999；也可以不写，由系统接着编。",
            "The code “{code}” of shape {number} is wrong.", "A code is the community’s {community} and a number from 001 to 999. Leave it out to get the next one.";
        GridShapeCodeTaken = "grid.shape_code_taken",
            "第 {number} 个图形的编码 {code} 是以前的网格用过的。", "请换一个没用过的编码，或者不写。",
            "An earlier grid had the code {code} of shape {number}.", "Take a code that was never used, or leave it out.";
        GridShapeTwice = "grid.shape_twice",
            "第 {other} 个和第 {number} 个图形写的是同一个网格“{word}”。", "一个网格有几块的，请合成一个图形；不是同一个的，请改名称或编码。",
            "Shapes {other} and {number} name the same grid “{word}”.", "Join the parts of a grid into one shape, or give them different names or codes.";
        GridShapeEmpty = "grid.shape_empty",
            "第 {number} 个图形里没有楼栋。", "请核对位置和坐标系；网格里至少要有一栋楼。",
            "There is no building in shape {number}.", "Check where it lies and what its coordinates mean. A grid holds at least one building.";
        GridShapeOutside = "grid.shape_outside",
            "第 {number} 个图形伸到了{community}，里面有{first}。", "请把边界改到本地范围以内，并核对坐标系。",
            "Shape {number} reaches into {community}: {first} lies in it.", "Keep it inside of this place, and check what its coordinates mean.";
        GridShapeSeveral = "grid.shape_several",
            "第 {number} 个图形跨了{first}和{second}。", "一个网格只能在一个社区里，请分开画。",
            "Shape {number} lies in both {first} and {second}.", "A grid lies in one community. Draw two.";
        GridShapeOverlap = "grid.shape_overlap",
            "{building} 同时在第 {number} 个和第 {other} 个图形里。", "请改边界，让每栋楼只在一个图形里。",
            "{building} lies in shapes {number} and {other}.", "Change the borders so that each building lies in one shape.";
        GridShapeWithout = "grid.shape_without",
            "有 {count} 栋楼不在任何图形里，例如 {first}。", "请把边界画到它们外面；一个社区要么全画，要么不画。",
            "{count} buildings lie in no shape, for example {first}.", "Draw the borders around them. Draw all of a community or none of it.";
        OutlinePlace = "outline.place",
            "第 {number} 个图形写的“{word}”找不到，或者不止一个地方叫这个名字。", "请在 code 里写 12 位区划代码，或者在 name 里写全名。",
            "Shape {number} names “{word}”, which is no place, or the name of several.", "Write the 12 digits of its division in code, or its whole name in name.";
        OutlineGrid = "outline.grid",
            "第 {number} 个图形“{word}”是网格。", "这里放区县、街道、社区的边界；网格的边界请在“网格”页上导入。",
            "Shape {number}, “{word}”, is a grid.", "This file holds borders of districts, streets and communities. Bring grids on the page of the grids.";
        OutlineTwice = "outline.twice",
            "第 {other} 个和第 {number} 个图形都是“{word}”。", "一个地方有几块的，请合成一个图形（MultiPolygon）。",
            "Shapes {other} and {number} are both “{word}”.", "Join the parts of a place into one shape (MultiPolygon).";
        OutlineGround = "outline.ground",
            "还没有小区和楼栋，边界放不上去。", "请先用 lianglin places geography 导入小区和楼栋。",
            "There are no compounds and buildings yet on which the borders could lie.", "Lay them first: lianglin places geography.";
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
            "第 {line} 行：这里没有“{building}”。", "请照导出的表写小区和楼栋；楼栋表里没有小区的，请填上“小区”一列，导入以后再划；楼栋在别的地方的，请到那里导入。",
            "Line {line}: there is no “{building}” here.", "Write compound and building as the exported table does. Where the sheet of buildings has no compounds, fill in that column, bring it, and draw again. Buildings of other places are imported there.";
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
